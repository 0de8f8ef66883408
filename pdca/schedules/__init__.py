"""The decisions of project groups about their moments of evaluation, and the working days of the body."""
