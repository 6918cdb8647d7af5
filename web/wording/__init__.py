"""What codes mean in plain words, in the visitor's language: a module for each subject of which the pages speak."""
