//! Does a graph have a cycle, and which is the shortest?

use std::collections::{BTreeMap, VecDeque};

/// The shortest cycle of a graph: each node with the arrow that leads to the next, and the last one's to the first.
///
/// Of several arrows between the same two, the first is taken.
pub(super) fn shortest<'a, A: Copy>(
    arrows: impl IntoIterator<Item = (&'a str, &'a str, A)>,
) -> Option<Vec<(&'a str, A)>> {
    let mut graph: Graph<'a, A> = BTreeMap::new();
    for (from, to, arrow) in arrows {
        graph.entry(from).or_default().entry(to).or_insert(arrow);
    }
    graph.keys().filter_map(|start| back_to(start, &graph)).min_by_key(Vec::len)
}

/// Where the arrows of each node lead.
type Graph<'a, A> = BTreeMap<&'a str, BTreeMap<&'a str, A>>;

/// The shortest way from a node back to it.
fn back_to<'a, A: Copy>(start: &'a str, graph: &Graph<'a, A>) -> Option<Vec<(&'a str, A)>> {
    let mut came_by: BTreeMap<&str, (&'a str, A)> = BTreeMap::new();
    let mut pending = VecDeque::from([start]);
    while let Some(at) = pending.pop_front() {
        for (&to, &arrow) in graph.get(at).into_iter().flatten() {
            if came_by.contains_key(to) {
                continue;
            }
            came_by.insert(to, (at, arrow));
            pending.push_back(to);
        }
        if came_by.contains_key(start) {
            break;
        }
    }
    let mut way = vec![*came_by.get(start)?];
    while way[way.len() - 1].0 != start {
        way.push(came_by[way[way.len() - 1].0]);
    }
    way.reverse();
    Some(way)
}

#[cfg(test)]
mod tests {
    /// The nodes of the shortest cycle of a graph whose arrows are written `a>b`.
    fn shortest(arrows: &[&'static str]) -> Option<Vec<&'static str>> {
        let parts = arrows.iter().map(|it| it.split_once('>').map(|(from, to)| (from, to, *it)).unwrap());
        let cycle = super::shortest(parts)?;
        for (node, arrow) in &cycle {
            assert!(arrow.starts_with(node), "{arrow} leads away from {node}");
        }
        Some(cycle.into_iter().map(|it| it.0).collect())
    }

    #[test]
    fn a_graph_in_one_direction_has_no_cycle() {
        assert_eq!(shortest(&["a>b", "a>c", "b>c"]), None);
    }

    #[test]
    fn the_shortest_of_two_is_found() {
        assert_eq!(shortest(&["a>b", "b>c", "c>a", "c>d", "d>c"]), Some(vec!["c", "d"]));
    }

    #[test]
    fn what_leads_into_a_cycle_is_not_on_it() {
        assert_eq!(shortest(&["x>a", "a>b", "b>c", "c>a"]), Some(vec!["a", "b", "c"]));
    }
}
