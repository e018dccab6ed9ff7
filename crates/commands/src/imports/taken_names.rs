//! Names that are taken, and free ones made of them by numbers.

use std::collections::{HashMap, HashSet};

/// Names that are not free any more, without regard to case.
#[derive(Debug, Default)]
pub(crate) struct TakenNames {
    names: HashSet<String>,
    /// The number that comes next behind a name of which there are several.
    next: HashMap<String, u32>,
}

impl TakenNames {
    /// Takes a name that was there before.
    pub(crate) fn add(&mut self, name: &str) {
        self.names.insert(name.to_lowercase());
    }

    /// Takes `name`, or the first that `numbered` makes of it with 2, 3 and so on and that may be taken.
    pub(crate) fn take(
        &mut self,
        name: &str,
        numbered: impl Fn(u32) -> String,
        may_be: impl Fn(&str) -> bool,
    ) -> String {
        let mut free = name.to_owned();
        while !may_be(&free) || !self.names.insert(free.to_lowercase()) {
            let number = self.next.entry(name.to_lowercase()).or_insert(2);
            free = numbered(*number);
            *number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let mut taken = TakenNames::default();
        taken.add("City 2");
        let mut take = |name: &str| {
            taken.take(
                name,
                |number| format!("{name} {number}"),
                |name| name != "city 4",
            )
        };
        let names = ["City", "city", "CITY", "city"].map(&mut take);
        assert_eq!(names, ["City", "city 3", "CITY 4", "city 5"]);
        assert_eq!(take("Town"), "Town");
    }
}
