//! How likely it is that a name so like a written one has the same door by chance, learnt from the table.

use crate::likeness::{HALF_ERROR, ONE_ERROR};

/// A name is taken for a misspelt one only where, were it no misspelling, its door would be found under the other name
/// less often than this: in a table of few names nothing can be said, in one of many namesakes little.
const MAX_BY_CHANCE: f64 = 0.01;
/// Up to half an error, one, and more.
const CLASSES: usize = 3;

/// What a door is found by when its road's or village's name is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Lane, house and room.
    Lane,
    /// Group and house.
    Group,
}

/// Doors tried, and how many of them met a namesake, by shape and by whether the town had to be the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chances {
    tried: [u32; 2],
    met: [[[u32; CLASSES]; 2]; 2],
}

impl Chances {
    /// Counts one door of the table: how like the likest other name is that has the same door, in any town and in its own.
    pub(crate) fn count(&mut self, shape: Shape, anywhere: Option<u32>, in_town: Option<u32>) {
        self.tried[shape as usize] += 1;
        for (told, nearest) in [anywhere, in_town].into_iter().enumerate() {
            let Some(errors) = nearest else { continue };
            for class in class(errors)..CLASSES {
                self.met[shape as usize][told][class] += 1;
            }
        }
    }

    /// True when a door under a name with so many half errors is hardly there by chance.
    pub(crate) fn tell(&self, shape: Shape, town_told: bool, errors: u32) -> bool {
        let met = self.met[shape as usize][usize::from(town_told)][class(errors)];
        // Laplace's rule: what was never met in a few doors is not impossible.
        f64::from(met + 1) < MAX_BY_CHANCE * f64::from(self.tried[shape as usize] + 2)
    }
}

fn class(errors: u32) -> usize {
    if errors <= HALF_ERROR {
        0
    } else if errors <= ONE_ERROR {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::{Chances, Shape};

    #[test]
    fn a_likeness_tells_only_where_the_table_has_few_namesakes_of_that_kind() {
        let mut chances = Chances::default();
        assert!(!chances.tell(Shape::Lane, true, 1), "nothing was learnt");
        for n in 0..1_000 {
            chances.count(Shape::Lane, (n % 10 == 0).then_some(2), (n % 500 == 0).then_some(2));
        }
        assert!(chances.tell(Shape::Lane, false, 1));
        assert!(!chances.tell(Shape::Lane, false, 2));
        assert!(chances.tell(Shape::Lane, true, 2));
        assert!(!chances.tell(Shape::Group, true, 1));
    }
}
