"""The command line: one file per noun, and the frame they share (main, frame, context, output)."""
