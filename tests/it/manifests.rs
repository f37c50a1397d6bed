//! Every key that a manifest can have is read, and the committed schema says the same of it.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use rollcall::manifest;

/// A manifest with every key.
const EVERYTHING: &str = r"
account: { name: acme, id: 123456, platform: activtrak, region: us, allow: [agentMoves], hrGroupType: HRDC }
policy:
  unmanaged: { users: ignore, groups: report, hrGroups: carryAndReport, exclusions: ignore }
  limits:
    removeUsers: 0
    eraseHistory: 0
    untrack: { percent: 10, atLeast: 3 }
    track: 5
    deactivate: { percent: 10, atLeast: 3 }
    activate: 2
    deleteGroups: { percent: 20, atLeast: 1 }
    renames: { percent: 5, atLeast: 3 }
    identifiers: { percent: 5, atLeast: 3, upn: 9, email: 9, employeeId: { percent: 2 }, deviceLogin: 9 }
    leaveGroup: { percent: 30 }
    removeExclusions: 0
  protected: { users: [ada@acme.example, { name: Ada Lovelace }], groups: [Engineering] }
  minimum: { users: 30, groups: 5, declaredUsers: 2 }
  ordersExpireAfter: 30d
  gracePeriod: 2h
  autoEmails: remove
  missingFromExport: report
  require:
    - { name: engineers are here, group: Engineering, within: { match: { remote: true } } }
    - { name: all have a team, users: all, groups: { atLeast: 1, of: [Engineering] } }
    - { name: all may log in, users: all, status: active }
    - { name: no orphans, exclusions: { matching: someone } }
tracking:
  - { match: { floor: 3 }, state: tracked, because: works council }
users:
  - displayName: Ada Lovelace
    upn: ada@acme.example
    email: [ada@acme.example, ada.l@acme.example]
    employeeId: 0001
    deviceLogin: ['ACME\ada', '*\ada']
    tracking: tracked
    status: active
    groups: [Engineering]
    primaryGroup: Engineering
    agents: ['LAPTOP-77\ada']
    attributes: { department: R&D, floor: 3, remote: true }
    formerly: [old.ada@acme.example, E9]
    matchName: true
    releases: [shared@acme.example]
    adopt: [displayName, upn, email, employeeId]
  - email: bob@acme.example
    employeeId: E0044
    remove: { decided: 2026-05-02, reason: left, unblock: true }
  - email: carol@acme.example
    erase: { decided: 2026-05-02, reason: asked }
groups:
  - name: Engineering
    description: Builds what is sold
    formerly: [Eng]
    members: [ada@acme.example, E0002, 'ACME\grace', { name: Alan Turing }]
    membership: additive
    computers: ['ACME\LAB-01']
  - name: R&D London
    match: { all: [{ department: R&D }, { any: [{ floor: { in: [3, 4] } }, { not: { remote: { exists: true } } }] }] }
    membersOf: [Engineering]
    also: [cto@acme.example]
    except: [E0099]
  - name: Platform
    branch: [NO, DK]
    descendants: true
    match: { any: [{ field: { Department: { in: [R&D] } } }, { enrolled: { course: DRV-101, status: completed } }] }
  - name: Approved drivers
    population: automatic
    match: { enrolled: { course: DRV-101, status: completed } }
  - name: Addresses
    match: { any: [{ email: { suffix: '@acme.example' } }, { upn: { prefix: a } }, { displayName: { contains: Ada } }] }
  - name: London office
    source: hr
    formerly: London
    recreate: true
    members: [ada@acme.example]
  - name: Old team
    state: deleted
exclusions:
  - '*\IT_admin'
  - { login: '*\bob', state: absent }
hr:
  sources:
    - name: workday
      csv: hr/workers.csv
      encoding: utf-8
      skip: 1
      empty: ['-', 'NULL']
      user: [Work Email, Worker ID]
      fields: { displayName: Preferred Name, employeeId: Worker ID, email: Work Email, upn: Login }
      onCollision: '{Preferred Name} ({Worker ID})'
      attributes: { department: { column: Department, many: true }, start: Hire Date }
      groups: [{ column: Department }, { column: Location, name: 'Office {}', split: ';' }]
      where: { Status: [Active], Kind: Staff }
      unmatched: block
      create: false
      expect: { rows: 1, groups: 2, shrink: { percent: 5, atLeast: 3 } }
      dates: { start: ['%d/%m/%Y', '%d/%m/%Y %H:%M'] }
    - name: systems
      csv: hr/systems.csv
      delimiter: ';'
      header: 2
      user: Mail
      fields: { displayName: { column: Name, order: last-first, cut: ['[C]'] } }
      attributes: { boss: { column: Boss, pattern: '[0-9]+', lookup: { column: No, value: Mail } } }
      primary: { column: Primary, is: 'Yes' }
      unless: { Status: [Gone] }
      untracked: { Status: [Away] }
    - name: hrdc
      csv: hr/hrdc.csv
      remove: { decided: 2026-05-02 }
  leaveOut: [{ group: Oslo office, user: 'ACME\olga' }]
";

/// The exports that it maps, and one in HRDC's own format.
const WORKERS: &str = "\
Workers
Work Email,Preferred Name,Worker ID,Login,Department,Location,Hire Date,Status,Kind
ada@acme.example,,,,R&D,London; Oslo,02/05/2026,active,STAFF
";
const SYSTEMS: &str = "\
Systems
Mail;Name;No;Boss;Primary;Status
ada@acme.example;Lovelace, Ada [C];1;1;Yes;Here
gus@acme.example;Hale, Gus;2;;Yes;Gone
";
const HRDC: &str = "user_lookup_id,group,delete_user\nE0007,Norway,\nleaver@acme.example,,y\n";

fn load(text: &str) -> manifest::Loaded {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("hr")).unwrap();
    fs::write(folder.path().join("hr/workers.csv"), WORKERS).unwrap();
    fs::write(folder.path().join("hr/systems.csv"), SYSTEMS).unwrap();
    fs::write(folder.path().join("hr/hrdc.csv"), HRDC).unwrap();
    fs::write(folder.path().join("rollcall.yaml"), text).unwrap();
    manifest::load(folder.path(), date(2026, 5, 10), &manifest::Exports::default())
}

/// The committed schema, ready to check documents.
fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/manifest.v1.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn document(text: &str) -> serde_json::Value {
    serde_saphyr::from_str(text).unwrap()
}

#[test]
fn every_key_is_read_and_in_the_schema() {
    let loaded = load(EVERYTHING);
    assert_eq!(loaded.diagnostics, []);
    let desired = loaded.desired.unwrap();
    assert_eq!((desired.users.len(), desired.groups.len(), desired.exclusions.len()), (5, 11, 2));
    assert_eq!(desired.exports.iter().map(|export| export.rows.read).sum::<u64>(), 4);
    let problems: Vec<String> = schema()
        .iter_errors(&document(EVERYTHING))
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    assert_eq!(problems, [""; 0]);
}

#[test]
fn the_schema_names_no_key_that_this_test_does_not_write() {
    fn keys(schema: &serde_json::Value, found: &mut Vec<String>) {
        if let Some(properties) = schema.get("properties").and_then(|it| it.as_object()) {
            found.extend(properties.keys().cloned());
        }
        let children = schema.as_object().into_iter().flat_map(|it| it.values());
        for child in children.chain(schema.as_array().into_iter().flatten()) {
            keys(child, found);
        }
    }
    let mut found = Vec::new();
    keys(&manifest::schema(), &mut found);
    // `before`, `after` and the keys of a sandbox and of a learning platform have tables of their own; `include` needs a folder.
    let elsewhere = ["include", "seed", "username", "before", "after"];
    found.retain(|key| !EVERYTHING.contains(&format!("{key}:")) && !elsewhere.contains(&key.as_str()));
    assert_eq!(found, [""; 0]);
}

#[test]
fn the_schema_and_the_reader_refuse_the_same() {
    let schema = schema();
    for text in [
        "users: [{ emial: a@b.example }]",
        "users: [{ email: a@b.example, tracking: on }]",
        "users: [{ email: a@b.example, remove: {} }]",
        "users: { email: a@b.example }",
        "groups: [{ members: [] }]",
        "groups: [{ name: A, match: {} }]",
        "groups: [{ name: A, match: { a: x, b: y } }]",
        "groups: [{ name: A, match: { a: { like: x } } }]",
        "groups: [{ name: A, members: ada@b.example }]",
        "exclusions: [{ state: absent }]",
        "policy: { limits: { untrack: { atLeast: 3 } } }",
        "policy: { limits: { untrack: { percent: 101 } } }",
        "policy: { ordersExpireAfter: 30 }",
        "account: { name: acme }",
        "account: { name: a, platform: docebo, id: a, username: name }",
        "account: { name: a, platform: docebo, id: [a], username: email }",
        "hr: { sources: [{ csv: x }] }",
    ] {
        assert!(!schema.is_valid(&document(text)), "the schema takes {text}");
        assert!(load(text).desired.is_none(), "the reader takes {text}");
    }
}
