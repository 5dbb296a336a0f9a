"""Published numbers beside ours, by subject: what a spray does, how deep, how warm, how much is left, what blood sees."""
