"""What sets of boards have in common and what not: people's against generated ones, feature by feature."""
