"""By which steps does a month come about? Plain functions by subject; what each reads stands in its signature, under the name that ``month.order`` gives it."""
