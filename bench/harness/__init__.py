"""What bench/compare, bench/gate and bench/idle_streams share."""
