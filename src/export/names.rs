//! What is the file of a group called? As the group is, wherever a file can be called so.

use sha2::{Digest, Sha256};

use crate::model::{GroupName, hex, is_hidden};

/// Bytes of a name, at most.
const LONGEST: usize = 100;
/// What no file of Windows is called, and what some disks refuse.
const REFUSED: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
/// Names that are devices of Windows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name of a group's file, without its ending. Where a group is called what no file can be, some of its digest stands behind it.
pub(in crate::export) fn of(group: &GroupName) -> String {
    let name = group.as_written();
    let tame = |(at, c): (usize, char)| {
        let is_first = at == 0 && matches!(c, '.' | '-' | ' ');
        if is_first || c.is_control() || is_hidden(c) || REFUSED.contains(&c) { '_' } else { c }
    };
    let mut file: String = name.chars().enumerate().map(tame).collect();
    while file.len() > LONGEST {
        file.pop();
    }
    let file = file.trim_end_matches(['.', ' ']);
    if file == name && !is_device(file) && !file.is_empty() {
        return file.to_owned();
    }
    format!("{file}-{}", hex(&Sha256::digest(group.key())[..4]))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    DEVICES.contains(&bare) && stem.len() - bare.len() < 2
}

/// The name of one file of several, or of the only one.
pub(in crate::export) fn part(name: &str, at: usize, of: usize) -> String {
    if of == 1 { format!("{name}.csv") } else { format!("{name} (part {} of {of}).csv", at + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(group: &str) -> String {
        of(&GroupName::observed(group))
    }

    #[test]
    fn a_file_is_called_as_its_group_is() {
        for plain in ["Forklift drivers", "R&D London", "Führungskräfte", "Common.v2", "Console", "a-b"] {
            assert_eq!(name(plain), plain);
        }
        assert_eq!(part("Drivers", 0, 1), "Drivers.csv");
        assert_eq!(part("Drivers", 1, 3), "Drivers (part 2 of 3).csv");
    }

    #[test]
    fn a_group_whose_name_no_file_can_have_gets_one_of_its_own() {
        for hostile in
            ["../../etc/passwd", "/etc", "C:\\x", "a\u{202e}b", "nul", "COM1.txt", "-rf", ".ssh", "x ."]
        {
            let file = name(hostile);
            assert_ne!(file, hostile);
            assert!(!file.contains(['/', '\\', ':']) && !file.starts_with(['.', '-']), "{file}");
        }
        assert_ne!(name("a/b"), name("a:b"));
        assert!(name(&"é".repeat(300)).len() <= LONGEST + 9);
    }
}
