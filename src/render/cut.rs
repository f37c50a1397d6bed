//! How is a text made to fit? It ends at the end of a line, and says how many more there are.

use crate::render::count::counted;

/// How the last line of a text begins and ends that says that more of it was left out.
const LESS: [&str; 2] = ["… ", " left out here"];

/// A text within so many bytes and a line, cut at the end of a line.
pub fn cut(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let mut end = room;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text[..end].rsplit_once('\n').map_or("", |(kept, _)| kept);
    let [before, after] = LESS;
    let left = counted(text.lines().count() - kept.lines().count(), "line", "lines");
    format!("{kept}\n{before}{left}{after}")
}

/// Whether a text was cut.
pub(crate) fn is_cut(text: &str) -> bool {
    let [before, after] = LESS;
    text.lines().any(|line| line.starts_with(before) && line.ends_with(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_end_of_a_line_whatever_its_letters_are() {
        assert_eq!(cut("a\nb", 3), "a\nb");
        assert_eq!(cut("éé\nßß\ncc", 6), "éé\n… 2 lines left out here");
        assert_eq!(cut("ééé", 3), "\n… 1 line left out here");
        assert!(is_cut(&cut("ééé", 3)) && !is_cut("a\nb"));
    }
}
