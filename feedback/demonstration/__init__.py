"""What a first start shows of feedback; each part is loaded by `load_demonstration`."""
