//! The page of a plan, in a real browser: headless Chromium, driven by `WebDriver`. Where there is none the tests say that they are skipped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use rollcall::render::is_harmless;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{Folder, OVER_LIMIT};

/// Somebody joins, somebody moves, a group is new, somebody is renamed.
const PLAN: &str = "users:
  - { displayName: Ada King, upn: ada@acme.example }
  - { email: cy@acme.example, tracking: untracked }
  - { email: dee@acme.example, displayName: Dee Drew }
groups:
  - { name: Engineering, members: [cy@acme.example] }
  - { name: Research, members: [ada@acme.example, dee@acme.example] }
";

/// A browser that is driven; none where there is none.
struct Browser {
    driver: Child,
    runtime: Runtime,
    client: Client,
}

impl Browser {
    /// Starts one, with more arguments of Chromium.
    fn start(arguments: &[&str]) -> Option<Self> {
        let driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            #[expect(clippy::print_stderr, reason = "nobody is to take it for tested")]
            {
                eprintln!("!! SKIPPED: there is no chromedriver to look at the page of a plan with");
            }
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
        let port = lines
            .filter_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned()))
            .find_map(|port| port.trim_end_matches('.').parse::<u16>().ok())
            .expect("chromedriver says its port");
        let mut all = vec!["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,1000"];
        all.extend(arguments);
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": all }));
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let runtime = Runtime::new().unwrap();
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities);
        let client = runtime.block_on(builder.connect(&format!("http://127.0.0.1:{port}"))).unwrap();
        Some(Self { driver, runtime, client })
    }

    fn open(&self, file: &Path) {
        self.runtime.block_on(self.client.goto(&format!("file://{}", file.display()))).unwrap();
    }

    /// What a script of the test answers.
    fn ask(&self, script: &str) -> Value {
        self.runtime.block_on(self.client.execute(&format!("return {script}"), Vec::new())).unwrap()
    }

    fn text(&self, css: &str) -> String {
        self.runtime
            .block_on(async { self.client.find(Locator::Css(css)).await.unwrap().text().await.unwrap() })
    }

    fn click(&self, css: &str) {
        self.runtime
            .block_on(async { self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap() });
    }

    fn write(&self, css: &str, keys: &str) {
        self.runtime.block_on(async {
            let field = self.client.find(Locator::Css(css)).await.unwrap();
            field.send_keys(keys).await.unwrap();
        });
    }

    /// Waits until the page says that so many of its changes are shown.
    fn shows(&self, count: &str) {
        for _ in 0..100 {
            if self.text("#count") == count {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{:?} instead of {count:?}", self.text("#count"));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The page of the folder's plan, which ends with `code`.
#[track_caller]
fn page(folder: &Folder, more: &[&str], code: i32) -> String {
    let ran = folder.run(&[&["plan", "--html", "plan.html"], more].concat());
    assert_eq!(ran.code, code, "{}", ran.err);
    std::fs::read_to_string(folder.path().join("plan.html")).unwrap()
}

fn opened(browser: &Browser, folder: &Folder) {
    browser.open(&folder.path().join("plan.html"));
}

#[test]
fn a_page_is_one_file_that_asks_for_nothing_and_commands_nobody() {
    let folder = Folder::new(PLAN);
    let page = page(&folder, &[], 0);
    assert!(is_harmless(page.as_bytes()));
    assert!(page.contains("default-src &#x27;none&#x27;"));
    for asked in ["http://", "https://", " src=", "@import", "url("] {
        // The name of a kind of drawing is no address of anything.
        assert!(!page.replace("http://www.w3.org/2000/svg", "").contains(asked), "{asked}");
    }
    let text = folder.run(&["plan"]).out;
    let headline = text.lines().find(|line| line.contains("changes")).unwrap();
    let headline = headline.split_once(": ").unwrap().1.trim_end();
    let first: String = headline.chars().take(40).collect();
    assert!(page.contains(&first), "the words of the terminal: {first}");
}

#[test]
fn a_page_can_be_searched_filtered_expanded_and_shared() {
    let folder = Folder::new(PLAN);
    page(&folder, &[], 0);
    let Some(browser) = Browser::start(&[]) else { return };
    opened(&browser, &folder);
    browser.shows("5 changes");
    assert!(browser.text("#verdict").starts_with("5 changes."));
    let kinds = browser.ask("[...document.querySelectorAll('#rows > li')].map((row) => row.className)");
    assert_eq!(kinds.as_array().unwrap().len(), 5);
    assert_eq!(
        browser.ask("document.querySelector('#rows .severity').textContent"),
        "disruptive",
        "the worst comes first"
    );

    browser.write("input[name=q]", "research dee");
    browser.shows("1 of 5 changes");
    assert!(browser.text("#rows").contains("Research"));
    assert_eq!(browser.ask("location.hash"), "#q=research+dee");

    browser.click("button[type=reset]");
    browser.shows("5 changes");
    browser.click("#expand");
    assert_eq!(browser.ask("document.querySelectorAll('#rows details[open] table').length"), 5);
    let body = browser.text("#rows");
    for said in ["rollcall.yaml:3", "Ada King", "tracked → untracked", "collection stops at once"] {
        assert!(body.contains(said), "{said}: {body}");
    }
    browser.click("#rows button.person");
    let chosen = browser.ask("document.querySelector('[name=person]').value");
    assert!(chosen.as_str().unwrap().contains('@'), "{chosen}");
    browser.click("#collapse");
    assert_eq!(browser.ask("document.querySelectorAll('#rows details[open]').length"), 0);

    let pictures = browser.text("#pictures");
    for said in [
        "Tracked and licensed",
        "Groups whose size changes",
        "Who moves from which group to which",
        "Order of the requests",
    ] {
        assert!(pictures.contains(said), "{said}: {pictures}");
    }
    assert!(pictures.contains("Tracked users\n3\n3") || pictures.contains("Tracked users 3 3"), "{pictures}");
    assert_eq!(browser.ask("performance.getEntriesByType('resource').length"), 0, "nothing is loaded");

    // What is shared shows what was shown.
    browser.open(Path::new(&format!("{}#severity=safe", folder.path().join("plan.html").display())));
    browser.ask("location.reload()");
    browser.shows("2 of 5 changes");
}

#[test]
fn a_blocked_plan_says_so_first_and_how_it_goes_on() {
    let folder = Folder::new(OVER_LIMIT);
    page(&folder, &[], 3);
    let Some(browser) = Browser::start(&[]) else { return };
    opened(&browser, &folder);
    assert!(browser.text("#verdict").starts_with("BLOCKED by 1 limit."));
    let against = browser.text("section[aria-labelledby=against]");
    assert!(against.contains("1 planned, 0 allowed") && against.contains("--approve"), "{against}");
}

#[test]
fn names_of_the_account_are_text_in_a_browser_and_nothing_else() {
    let hostile = [
        "</script><script>window.taken=1</script>",
        "<img src=x onerror=window.taken=1>",
        "\\\"><svg onload=window.taken=1>",
        "{{ 7*7 }}",
        "&lt;b&gt; <!-- ",
        "##[error]x",
        "\u{202e}evil",
    ];
    let entry = |n: usize| format!("  - {{ employeeId: H{n}, tracking: untracked }}\n");
    let entries: String = (0..hostile.len()).map(entry).collect();
    let body = format!("policy: {{ limits: {{ untrack: 100 }} }}\nusers:\n{entries}");
    let folder = Folder::new(&body);
    let users: Vec<Value> = hostile
        .iter()
        .enumerate()
        .map(|(n, name)| json!({ "id": n + 1, "displayName": format!("{name} {n}"), "employeeIds": [format!("H{n}")], "groups": [10] }))
        .collect();
    let account = json!({
        "version": 1,
        "account": { "id": 7, "name": "acme" },
        "users": users,
        "groups": [{ "id": 10, "name": "<i onclick=x>&amp;" }],
    });
    folder.write("account.json", &account.to_string());
    let page = page(&folder, &[], 0);
    assert!(is_harmless(page.as_bytes()));
    let Some(browser) = Browser::start(&[]) else { return };
    opened(&browser, &folder);
    browser.shows("7 changes");
    browser.click("#expand");
    assert_eq!(browser.ask("window.taken ?? null"), Value::Null);
    assert_eq!(
        browser.ask("document.querySelectorAll('img, svg[onload], i, script').length"),
        2,
        "the page's own scripts"
    );
    let text = browser.text("#rows");
    for said in [
        "</script><script>window.taken=1</script>",
        "<img src=x onerror=window.taken=1>",
        "{{ 7*7 }}",
        "&lt;b&gt;",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("\\u{202e}evil"), "what turns the reading around is written out: {text}");
}

#[test]
fn a_redacted_page_names_nobody() {
    let folder = Folder::new(PLAN);
    let page = page(&folder, &["--redact"], 0);
    for name in ["Ada", "Lovelace", "King", "ada@", "Cy Young", "cy@", "Dee", "dee@"] {
        assert!(!page.contains(name), "{name}");
    }
}

#[test]
fn a_page_follows_the_theme_and_prints_all_that_it_shows() {
    let folder = Folder::new(PLAN);
    let page = page(&folder, &[], 0);
    let many = with_changes(&page, 1_000);
    std::fs::write(folder.path().join("many.html"), many).unwrap();
    let ground = "getComputedStyle(document.documentElement).backgroundColor";
    let Some(light) = Browser::start(&["--blink-settings=preferredColorScheme=1"]) else { return };
    opened(&light, &folder);
    assert_eq!(light.ask(ground), "rgb(255, 255, 255)");
    light.open(&folder.path().join("many.html"));
    light.shows("1,000 changes");
    assert!(
        light.ask("document.querySelectorAll('#rows > li').length").as_u64().unwrap() < 1_000,
        "the others follow"
    );
    light.ask("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(light.ask("document.querySelectorAll('#rows > li').length"), 1_000);
    drop(light);
    let dark = Browser::start(&["--blink-settings=preferredColorScheme=0"]).unwrap();
    opened(&dark, &folder);
    assert_eq!(dark.ask(ground), "rgb(13, 17, 23)");
}

#[test]
fn fifty_thousand_changes_open_and_are_searched_without_a_wait() {
    let folder = Folder::new(PLAN);
    let page = page(&folder, &[], 0);
    std::fs::write(folder.path().join("many.html"), with_changes(&page, 50_000)).unwrap();
    let Some(browser) = Browser::start(&[]) else { return };
    browser.open(&folder.path().join("many.html"));
    browser.shows("50,000 changes");
    let drawn = browser.ask("performance.getEntriesByType('navigation')[0].domComplete").as_f64().unwrap();
    let search = "(() => { const begun = performance.now(); document.querySelector('[name=q]').value = 'user 49999'; \
                  document.querySelector('#filters').dispatchEvent(new Event('reset')); return begun; })()";
    let begun = browser.ask(search).as_f64().unwrap();
    browser.shows("1 of 50,000 changes");
    let searched = browser.ask("performance.now()").as_f64().unwrap() - begun;
    #[expect(clippy::print_stderr, reason = "the number for docs/performance.md")]
    {
        eprintln!("50,000 changes: drawn after {drawn:.0} ms, searched within {searched:.0} ms");
    }
    // Two seconds on a machine that does nothing else: docs/performance.md. A busy one may take its time.
    assert!(drawn < 10_000.0, "{drawn} ms");
}

/// The page with so many changes, each like its first but of another user.
fn with_changes(page: &str, count: usize) -> String {
    let (head, rest) = page.split_once("id=\"data\">").unwrap();
    let (data, tail) = rest.split_once("</script>").unwrap();
    let mut data: Value = serde_json::from_str(data).unwrap();
    let changes = data["plan"]["changes"].as_array().unwrap();
    let first = changes.iter().find(|change| change["object"]["kind"] == "user").unwrap().clone();
    let change = |n: usize| {
        let mut change = first.clone();
        change["id"] = json!(n);
        change["object"]["label"] = json!(format!("User {n} <user{n}@acme.example>"));
        change
    };
    data["plan"]["changes"] = (0..count).map(change).collect();
    data["plan"]["totals"]["changes"] = json!(count);
    format!("{head}id=\"data\">{data}</script>{tail}")
}

#[test]
fn an_apply_writes_the_page_of_its_report() {
    let folder = Folder::new(PLAN);
    let ran = folder.run(&["apply", "--yes", "--html", "report.html"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("Report of"), "{page}");
    let twice = folder.run(&["apply", "--yes", "--html", "-", "--json", "-"]);
    assert_eq!((twice.code, twice.err.contains("one stdout")), (64, true), "{}", twice.err);
    let Some(browser) = Browser::start(&[]) else { return };
    browser.open(&folder.path().join("report.html"));
    browser.shows("5 changes");
    assert!(browser.text("#verdict").contains("sent."), "{}", browser.text("#verdict"));
    assert!(browser.text("#rows").contains("applied: "), "{}", browser.text("#rows"));
}
