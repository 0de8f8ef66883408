"""What people look at: views of plans, made from what is stored."""
