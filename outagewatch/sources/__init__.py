"""Where posts come from: files, standard input, and tables of counts."""
