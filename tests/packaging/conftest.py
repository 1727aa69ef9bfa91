collect_ignore = ["generations"]  # test-suites of others, as it were: they are run in processes of their own
