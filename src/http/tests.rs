//! The client over real sockets, against a server that follows a script.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::http::{
    Answer, Auth, Body, Client, Endpoint, Errand, Error, Fate, Gate, Limiter, Limits, Line, Pace, Repeat,
    Request, Route, Secret, Witness,
};

const KEY: &str = "k3y-that-must-not-be-printed";

/// What the server does with one connection.
#[derive(Clone)]
enum Turn {
    /// Reads the request, sends these bytes, closes.
    Say(String),
    /// Reads the request and closes without a word.
    HangUp,
    /// Reads the request and never answers.
    Silence,
}

struct Server {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A server that takes one turn per connection, in order, and refuses none after the last.
    async fn follow(turns: Vec<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            let mut kept = Vec::new();
            for turn in turns {
                let (mut socket, _) = listener.accept().await.unwrap();
                let request = read(&mut socket).await;
                log.lock().unwrap().push(request);
                match turn {
                    Turn::Say(text) => socket.write_all(text.as_bytes()).await.unwrap(),
                    Turn::HangUp => {}
                    Turn::Silence => kept.push(socket),
                }
            }
            std::future::pending::<()>().await;
        });
        Self { port, heard }
    }

    fn client(&self, pace: Pace) -> Client {
        let endpoint = Endpoint::parse(&format!("http://127.0.0.1:{}", self.port)).unwrap();
        let gate = Gate::of(&[
            &[Method::GET, Method::POST, Method::DELETE].map(|method| Route { method, path: "/x" })
        ]);
        let limits = Limits { body: 1000, ..Limits::of(NonZeroUsize::MIN) };
        Client::new(endpoint, None, gate, pace, Limiter::new(limits)).unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Reads one request: its head, and as much body as the head announces.
async fn read(socket: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let n = socket.read(&mut buffer).await.unwrap();
        text.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if n == 0 || body.len() >= length.map_or(0, |n| n.parse().unwrap()) {
            return text;
        }
    }
}

fn say(status: &str, headers: &str, body: &str) -> Turn {
    let length = body.len();
    Turn::Say(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    ))
}

fn key() -> Secret {
    Secret::parse(KEY).unwrap()
}

fn read_x() -> Request {
    Request::get("/x").auth(Auth::Bearer(key()))
}

fn write_x() -> Request {
    Request::write(Method::POST, "/x", Body::Json(b"{}".to_vec())).auth(Auth::Header("x-api-key", key()))
}

fn fast() -> Pace {
    Pace::real().scaled(0.005)
}

#[tokio::test]
async fn a_request_that_the_gate_does_not_list_never_reaches_the_socket() {
    let server = Server::follow(vec![say("200 OK", "", "{}")]).await;
    let client = server.client(fast());
    for path in ["/y", "/x/../y", "/x/", "/x/z", "//x", "/x%2fy"] {
        let error = client.send(&Request::get(path)).await.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        assert_eq!(error.fate(), Fate::NotSent);
        assert_eq!(
            error.to_string(),
            format!("GET {path} is not on the list of requests that this client may send")
        );
    }
    let patch = Request::write(Method::PATCH, "/x", Body::None);
    assert!(matches!(client.send(&patch).await, Err(Error::Refused { .. })));
    assert_eq!(server.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn a_read_is_tried_again_until_it_succeeds() {
    let turns = vec![
        Turn::HangUp,
        say("500 Oops", "", ""),
        say("503 Busy", "retry-after: 0\r\n", ""),
        say("429 Slow", "", ""),
        say("200 OK", "", "[1]"),
    ];
    let server = Server::follow(turns).await;
    let answer = server.client(fast()).send(&read_x()).await.unwrap();
    assert_eq!(answer.json::<Vec<u8>>().unwrap(), [1]);
    assert_eq!(server.heard().len(), 5);
}

#[tokio::test]
async fn attempts_end_after_five() {
    let server = Server::follow(vec![say("500 Oops", "", "no"); 9]).await;
    let error = server.client(fast()).send(&read_x()).await.unwrap_err();
    assert_eq!(error.to_string(), "GET /x was answered 500 Internal Server Error");
    assert_eq!(error.answer_text().as_deref(), Some("no"));
    assert_eq!(error.fate(), Fate::Unknown);
    assert_eq!(server.heard().len(), 5);
}

#[tokio::test]
async fn a_no_that_asks_for_no_time_is_waited_for_all_the_same_and_more_often() {
    let mut turns = vec![say("429 Slow", "retry-after: 0\r\n", ""); 6];
    turns.push(say("200 OK", "", "{}"));
    let server = Server::follow(turns).await;
    let started = Instant::now();
    server.client(fast()).send(&read_x()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(315), "1 + 2 + 4 + 8 + 16 + 32 s, scaled");
}

#[tokio::test]
async fn a_write_is_repeated_only_when_it_was_certainly_not_carried_out() {
    for (turn, fate) in [
        (Turn::HangUp, Fate::Unknown),
        (say("500 Oops", "", ""), Fate::Unknown),
        (say("503 Busy", "retry-after: 0\r\n", ""), Fate::Unknown),
        (say("409 Stale", "", ""), Fate::TurnedDown),
    ] {
        let server = Server::follow(vec![turn, say("200 OK", "", "{}")]).await;
        let error = server.client(fast()).send(&write_x()).await.unwrap_err();
        assert_eq!(error.fate(), fate, "{error}");
        assert_eq!(server.heard().len(), 1, "{error}");
    }
    for (early, heard) in [
        (say("429 Slow", "", ""), 2),
        (say("403 Forbidden", "retry-after: 0\r\n", ""), 2),
        (say("403 Forbidden", "", ""), 1),
    ] {
        let server = Server::follow(vec![early, say("200 OK", "", "{}")]).await;
        let sent = server.client(fast()).send(&write_x()).await;
        assert_eq!((sent.is_ok(), server.heard().len()), (heard == 2, heard));
    }
}

#[tokio::test]
async fn no_connection_is_tried_again_even_for_a_write_and_says_that_nothing_was_sent() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let server = Server { port: free, heard: Arc::default() };
    let started = Instant::now();
    let error = server.client(Pace::real().scaled(0.01)).send(&write_x()).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert_eq!(error.fate(), Fate::NotSent);
    assert!(started.elapsed() >= Duration::from_millis(150), "1 + 2 + 4 + 8 s, scaled");
}

#[tokio::test]
async fn retry_after_rules_the_delay_in_both_forms_and_in_real_time() {
    for headers in [
        "retry-after: 1\r\n",
        "date: Sat, 21 Nov 2026 21:00:00 GMT\r\nretry-after: Sat, 21 Nov 2026 21:00:01 GMT\r\n",
    ] {
        let server = Server::follow(vec![say("429 Slow", headers, ""), say("200 OK", "", "{}")]).await;
        let started = Instant::now();
        server.client(fast()).send(&read_x()).await.unwrap();
        let ms = started.elapsed().as_millis();
        assert!((1000..3000).contains(&ms), "{ms} ms for a second");
    }
}

#[tokio::test]
async fn a_wait_that_no_run_waits_is_said() {
    for (asks, said) in [("60", "503 Service Unavailable"), ("300", "asks to be left alone for 5m")] {
        let headers = format!("retry-after: {asks}\r\n");
        let server = Server::follow(vec![say("503 Service Unavailable", &headers, "")]).await;
        let error = server.client(fast()).send(&write_x()).await.unwrap_err().to_string();
        assert!(error.ends_with(said), "{error}");
    }
}

#[tokio::test]
async fn whoever_shares_the_limiter_waits_with_the_one_that_was_refused() {
    let server = Server::follow(vec![
        say("429 Slow", "retry-after: 1\r\n", ""),
        say("200 OK", "", "{}"),
        say("200 OK", "", "{}"),
    ])
    .await;
    let client = server.client(fast());
    let started = Instant::now();
    let read = read_x();
    let refused = client.send(&read);
    let other = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        client.clone().send(&write_x()).await.map(|_| started.elapsed())
    };
    let (_, other) = tokio::join!(refused, other);
    assert!(other.unwrap() >= Duration::from_secs(1), "it left during the wait of another");
}

#[tokio::test]
async fn a_write_that_waits_to_be_sent_again_is_not_once_the_run_is_stopped_and_a_read_is() {
    let full = say("429 Too Many Requests", "retry-after: 1\r\n", "");
    let server = Server::follow(vec![full, say("200 OK", "", "{}")]).await;
    let client = server.client(fast());
    let other = client.clone();
    let write = tokio::spawn(async move { client.send(&write_x()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stopped = Instant::now();
    other.stop_writing();
    let error = write.await.unwrap().unwrap_err();
    assert!(stopped.elapsed() < Duration::from_millis(500), "it does not wait for its turn");
    assert_eq!(
        (error.fate(), error.to_string()),
        (Fate::NotSent, "POST /x was not sent: the run was stopped".into())
    );
    other.send(&read_x()).await.unwrap();
    assert_eq!(server.heard().len(), 2);
}

#[tokio::test]
async fn once_the_account_takes_no_more_requests_no_write_waits_in_vain_again() {
    let server = Server::follow(vec![say("429 Too Many Requests", "", ""); 7]).await;
    let client = server.client(fast());
    let first = client.send(&write_x()).await.unwrap_err();
    assert_eq!(first.status(), Some(StatusCode::TOO_MANY_REQUESTS));
    let second = client.send(&write_x()).await.unwrap_err();
    assert_eq!(second.to_string(), "POST /x was not sent: the account takes no more requests (429)");
    assert_eq!(server.heard().len(), 7);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_breaks_off_is_lost() {
    let cut = Turn::Say("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a\"".into());
    for (turn, reason) in [(Turn::Silence, "no answer in time"), (Turn::HangUp, ""), (cut, "")] {
        let server = Server::follow(vec![turn]).await;
        let pace = fast().with_timeout(Duration::from_millis(200));
        let error = server.client(pace).send(&write_x()).await.unwrap_err();
        assert!(matches!(error, Error::Lost { .. }), "{error}");
        assert_eq!(error.fate(), Fate::Unknown);
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn a_page_instead_of_json_is_named_as_such() {
    let page = "<html>\u{1b}[2J Sign in </html>";
    let server = Server::follow(vec![say("200 OK", "content-type: text/html\r\n", page)]).await;
    let answer = server.client(fast()).send(&read_x()).await.unwrap();
    let error = answer.json::<Vec<u8>>().unwrap_err();
    assert!(matches!(error, Error::NotJson { .. }), "{error}");
    assert!(!error.to_string().contains("Sign in"), "{error}");
    let said = error.answer_text().unwrap();
    assert!(said.starts_with("`<html> [2J Sign in </html>` (expected value"), "{said}");
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let elsewhere = Server::follow(vec![say("200 OK", "", "{}")]).await;
    let to = format!("location: http://127.0.0.1:{}/x\r\n", elsewhere.port);
    let server = Server::follow(vec![say("307 Moved", &to, "")]).await;
    let error = server.client(fast()).send(&read_x()).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));
    assert_eq!(elsewhere.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn a_body_over_the_limit_is_an_error() {
    let server = Server::follow(vec![say("200 OK", "", &"x".repeat(1001))]).await;
    let error = server.client(fast()).send(&read_x()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 1000, .. }), "{error}");
}

#[tokio::test]
async fn requests_carry_key_query_and_body_also_on_delete() {
    let server = Server::follow(vec![say("200 OK", "", "{}"), say("200 OK", "", "{}")]).await;
    let client = server.client(fast());
    let body = Body::Json(br#"{"parentIds":[9001]}"#.to_vec());
    let delete = Request::write(Method::DELETE, "/x", body).auth(Auth::Bearer(key())).query("Term", "a b&c");
    client.send(&delete).await.unwrap();
    let file =
        Body::File { part: "File", name: "s.csv".into(), media: "text/csv", bytes: Arc::from(*b"a,b\n") };
    client
        .send(&Request::write(Method::POST, "/x", file).auth(Auth::Header("x-api-key", key())))
        .await
        .unwrap();

    let heard = server.heard();
    assert!(heard[0].starts_with("DELETE /x?Term=a+b%26c HTTP/1.1\r\n"), "{}", heard[0]);
    assert!(heard[0].contains(&format!("authorization: Bearer {KEY}\r\n")), "{}", heard[0]);
    assert!(heard[0].contains("user-agent: rollcall/"), "{}", heard[0]);
    assert!(heard[0].ends_with("\r\n\r\n{\"parentIds\":[9001]}"), "{}", heard[0]);
    assert!(heard[1].contains(&format!("x-api-key: {KEY}\r\n")), "{}", heard[1]);
    assert!(heard[1].contains("name=\"File\"; filename=\"s.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\n"));
}

#[tokio::test]
async fn the_key_is_in_no_error_and_no_debug_text() {
    let echo = format!("you sent {KEY}");
    let turns = vec![
        say("401 No", "", &echo),
        say("200 OK", "", &echo),
        Turn::HangUp,
        say("200 OK", "", &"x".repeat(2000)),
        say("302 Moved", &format!("location: /{KEY}\r\n"), ""),
    ];
    let server = Server::follow(turns).await;
    let client = server.client(fast());
    let mut texts = vec![format!("{client:?} {:?} {:?}", read_x(), write_x())];
    for _ in 0..5 {
        let error = match client.send(&write_x()).await {
            Err(error) => error,
            Ok(answer) => {
                texts.push(format!("{answer:?}"));
                answer.json::<u8>().unwrap_err()
            }
        };
        texts.push(format!("{error} {error:?}"));
    }
    assert!(texts[1].contains("you sent [REDACTED]"), "{}", texts[1]);
    for text in texts {
        assert!(!text.contains(KEY), "{text}");
    }
    assert_eq!(read_x().repeat, Repeat::Safe);
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_the_limit_says() {
    let server = Server::follow(vec![Turn::Silence, say("200 OK", "", "{}")]).await;
    let client = server.client(fast().with_timeout(Duration::from_millis(300)));
    let request = write_x();
    let (first, second, ()) = tokio::join!(client.send(&request), client.send(&request), async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(server.heard().len(), 1);
    });
    assert!(matches!(first, Err(Error::Lost { .. })), "{first:?}");
    assert!(second.is_ok(), "{second:?}");
}

/// Lets so many writes leave, and keeps what it is told.
#[derive(Debug, Default)]
struct Watchful {
    lets: u64,
    told: Mutex<Vec<String>>,
}

impl Witness for Watchful {
    fn leaves(&self, errand: u32, write: &Line) -> std::io::Result<u64> {
        let mut told = self.told.lock().unwrap();
        told.push(format!("{errand}: {write}"));
        let number = told.len() as u64;
        if number > self.lets { Err(std::io::Error::other("no space")) } else { Ok(number) }
    }

    fn came_back(&self, number: u64, answer: &Result<Answer, Error>) {
        let status = answer.as_ref().ok().map(|answer| answer.status.as_u16());
        self.told.lock().unwrap().push(format!("{number} came back: {status:?}"));
    }
}

#[tokio::test]
async fn a_witness_is_told_of_writes_and_what_it_can_not_note_is_not_sent() {
    let server = Server::follow(vec![say("200 OK", "", "{}"); 2]).await;
    let witness = Arc::new(Watchful { lets: 1, ..Watchful::default() });
    let errand = Errand { witness: Arc::clone(&witness) as Arc<dyn Witness>, number: 7 };
    let client = server.client(fast()).on(errand);
    let write = Request::write(Method::POST, "/x", Body::None);
    client.send(&Request::get("/x")).await.unwrap();
    client.send(&write).await.unwrap();
    let unnoted = client.send(&write).await.unwrap_err();
    assert_eq!((unnoted.fate(), server.heard().len()), (Fate::NotSent, 2));
    assert_eq!(*witness.told.lock().unwrap(), ["7: POST /x", "1 came back: Some(200)", "7: POST /x"]);
}

#[tokio::test]
async fn the_first_answer_of_a_run_is_waited_for_no_longer_than_two_timeouts_together() {
    let server = Server::follow(vec![Turn::Silence; 5]).await;
    let client = server.client(Pace::real().scaled(0.001).with_timeout(Duration::from_millis(400)));
    let started = Instant::now();
    let error = client.send(&read_x()).await.unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error}");
    let taken = started.elapsed();
    assert!(taken >= Duration::from_millis(750) && taken < Duration::from_millis(1200), "{taken:?}");
    assert_eq!(server.heard().len(), 2);
}

#[tokio::test]
async fn once_anything_was_answered_a_read_has_all_its_attempts() {
    let mut turns = vec![say("404 Not Found", "", "")];
    turns.extend(vec![Turn::Silence; 4]);
    turns.push(say("200 OK", "", "{}"));
    let server = Server::follow(turns).await;
    let client = server.client(Pace::real().scaled(0.001).with_timeout(Duration::from_millis(100)));
    client.send(&read_x()).await.unwrap_err();
    client.send(&read_x()).await.unwrap();
    assert_eq!(server.heard().len(), 6);
}

#[tokio::test]
async fn what_asks_for_more_time_than_a_run_has_is_not_asked_again() {
    let slow = || vec![say("429 Slow", "retry-after: 2\r\n", ""), say("200 OK", "", "{}")];
    let server = Server::follow(slow()).await;
    let error =
        server.client(fast().with_patience(Duration::from_secs(1))).send(&read_x()).await.unwrap_err();
    assert_eq!((error.status(), server.heard().len()), (Some(StatusCode::TOO_MANY_REQUESTS), 1));
    let server = Server::follow(slow()).await;
    server.client(fast().with_patience(Duration::from_secs(2))).send(&read_x()).await.unwrap();
}
