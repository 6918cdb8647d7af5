"""The process that speaks SIP for one account, on the stack of `sippy`; everything else talks to it over two pipes."""
