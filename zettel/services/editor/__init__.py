"""Answer what an editor asks about open notes, whose text there is the truth."""
