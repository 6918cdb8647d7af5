"""Lists of up to ten million numbers from elsewhere: downloaded, compiled, looked up, and kept on a shelf."""
