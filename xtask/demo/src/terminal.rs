//! The demo's terminal: cuts tablets off, puts a Wi-Fi's sign-in page before them, and brings them back, and shows the six words of a tablet
//! that enrols. Nothing waits for it: the tap on the tablet is the gate.

use crate::office::Office;
use demo::proxy::Proxy;
use interface::Notice;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// A line that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    Cut(usize),
    Restore(usize),
    Portal(usize),
    Nothing,
    Unknown,
}

/// Attends to people until somebody ends the demo.
pub(crate) async fn attend(proxies: Vec<Proxy>, office: &mut Office) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    let Ok(mut interrupt) = signal(SignalKind::interrupt()) else {
        return;
    };
    let typing = tokio::spawn(listen(proxies));
    tokio::select! {
        () = watch(office) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    typing.abort();
}

/// Obeys what is typed. Without a terminal nobody types, and the lines stay as they are.
async fn listen(proxies: Vec<Proxy>) {
    let (typed, mut lines) = mpsc::unbounded_channel();
    // A thread of its own, which ends with the process: nothing ends a read of a terminal, and the
    // runtime would wait for one of its own until somebody presses Enter.
    std::thread::spawn(move || {
        let lines = std::io::stdin().lines().map_while(Result::ok);
        for line in lines {
            if typed.send(line).is_err() {
                return;
            }
        }
    });
    while let Some(line) = lines.recv().await {
        obey(read(&line), &proxies);
    }
}

/// Says the six words of whoever enrols.
async fn watch(office: &mut Office) {
    loop {
        for notice in office.notices().await {
            if let Notice::DeviceAccepted { words, .. } = notice {
                println!(
                    "A tablet enrols. It must show these words: {}",
                    words.join(" ")
                );
            }
        }
    }
}

fn obey(typed: Typed, proxies: &[Proxy]) {
    let (n, verb, act): (_, _, fn(&Proxy)) = match typed {
        Typed::Cut(n) => (n, "cut off", Proxy::cut),
        Typed::Restore(n) => (n, "connected again", Proxy::restore),
        Typed::Portal(n) => (n, "before a sign-in page", Proxy::portal),
        Typed::Nothing => return,
        Typed::Unknown => {
            return println!("Type `cut N`, `portal N` or `restore N`; Ctrl-C ends the demo.");
        }
    };
    match n.checked_sub(1).and_then(|index| proxies.get(index)) {
        Some(proxy) => {
            act(proxy);
            println!("Tablet {n} is {verb}.");
        }
        None => println!("There are tablets 1 to {}.", proxies.len()),
    }
}

fn read(line: &str) -> Typed {
    let mut words = line.split_whitespace();
    let (verb, number, more) = (words.next(), words.next(), words.next());
    let number = number.and_then(|number| number.parse().ok());
    match (verb, number, more) {
        (None, _, _) => Typed::Nothing,
        (Some("cut"), Some(n), None) => Typed::Cut(n),
        (Some("restore"), Some(n), None) => Typed::Restore(n),
        (Some("portal"), Some(n), None) => Typed::Portal(n),
        _ => Typed::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_verb_with_one_number_is_obeyed() {
        for (line, typed) in [
            ("cut 1", Typed::Cut(1)),
            ("  restore   2 ", Typed::Restore(2)),
            ("portal 3", Typed::Portal(3)),
            ("", Typed::Nothing),
            ("cut", Typed::Unknown),
            ("cut one", Typed::Unknown),
            ("cut 1 2", Typed::Unknown),
            ("mend 1", Typed::Unknown),
        ] {
            assert_eq!(read(line), typed, "{line}");
        }
    }
}
