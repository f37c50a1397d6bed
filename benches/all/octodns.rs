//! A peer: octoDNS plans a zone of as many records from YAML files to YAML files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::measure::Contestant;

/// A zone has another record in one of so many.
const CHANGED: usize = 100;
/// As a target octoDNS takes its files for empty; this one reads them.
const LIVE: &str = "\
from octodns.provider.yaml import YamlProvider


class Live(YamlProvider):
    def populate(self, zone, target=False, lenient=False):
        return super().populate(zone, target=False, lenient=lenient)
";

/// The command that plans so many records, if `OCTODNS` names one.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a bench is told by its environment, and says what it left out"
)]
pub(crate) fn plan(records: usize, scratch: &Path) -> Outcome<Option<Contestant>> {
    let Ok(program) = std::env::var("OCTODNS") else {
        eprintln!(
            "SKIPPED: octoDNS. OCTODNS names no `octodns-sync` (`pip install octodns==1.22.0` brings it)."
        );
        return Ok(None);
    };
    for (side, another) in [("declared", CHANGED), ("live", usize::MAX)] {
        let folder = scratch.join(side);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("example.com.yaml"), zone(records, another))?;
    }
    fs::write(scratch.join("live_files.py"), LIVE)?;
    let at = scratch.display();
    let provider = |class: &str, side: &str| {
        format!("{{ class: {class}, directory: {at}/{side}, default_ttl: 300, enforce_order: false }}")
    };
    let config = format!(
        "manager: {{ max_workers: 1 }}\nproviders:\n  declared: {}\n  live: {}\nzones:\n  example.com.: {{ sources: [declared], targets: [live] }}\n",
        provider("octodns.provider.yaml.YamlProvider", "declared"),
        provider("live_files.Live", "live"),
    );
    let file = scratch.join("config.yaml");
    fs::write(&file, config)?;
    let path = format!("PYTHONPATH={at}");
    let config = format!("--config-file={}", file.display());
    Ok(Some(Contestant::new("octoDNS", "env", &[&path, &program, &config])))
}

/// A zone with one address a name; one in `another` of them is a different one.
fn zone(records: usize, another: usize) -> String {
    let mut zone = String::from("---\n");
    for at in 0..records {
        let last = if at % another == another - 1 { 2 } else { 1 };
        // A `String` takes whatever is written to it.
        let _infallible = write!(
            zone,
            "user-{at:06}:\n  type: A\n  ttl: 300\n  value: 10.{}.{}.{last}\n",
            at / 256,
            at % 256
        );
    }
    zone
}
