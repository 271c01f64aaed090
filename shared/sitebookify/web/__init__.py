"""What the services' HTTP sides share."""
