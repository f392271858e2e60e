"""The exit codes that shells expect of a program."""

# What a shell expects of a program that Ctrl-C ended.
INTERRUPTED = 130
