"""What a first start shows of the column, the plan and what is done inside the department."""
