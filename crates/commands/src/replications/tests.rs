//! Saving replications: what is refused, and what a copy takes along.
