//! `check --explain`: the page behind a code.

use std::fmt::Write as _;

use super::console::Console;
use super::{ExitStatus, print};
use crate::diagnostic::{code, nearest};
use crate::failure::Failure;

pub(super) fn run(id: &str, console: &Console) -> Result<ExitStatus, Failure> {
    let id = full_id(id);
    let code = code::find(&id).ok_or_else(|| unknown(&id))?;
    print(&format!("{}\n", code.explain.trim_end()), console)
}

/// `0301` and `301` as `FP0301`.
fn full_id(id: &str) -> String {
    let id = id.trim();
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("FP{id:0>4}")
    } else {
        id.to_uppercase()
    }
}

fn unknown(id: &str) -> Failure {
    let mut help = nearest(id, code::ALL.iter().map(|code| code.id))
        .map_or_else(String::new, |near| format!("{near} has a similar name; "));
    help.push_str("the codes are:");
    for code in code::ALL {
        let _ = write!(help, "\n  {}  {}", code.id, code.title); // writing to a text cannot fail
    }
    Failure::new(format!("no finding has the code {id}")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(id: &str, expected: Option<&str>) {
        assert_eq!(code::find(&full_id(id)).map(|code| code.id), expected);
    }

    #[test]
    fn a_code_may_be_written_shortly() {
        for id in ["FP0301", "fp0301", "0301", "301", " FP0301 "] {
            check(id, Some("FP0301"));
        }
        for id in ["", "FP", "9999", "unknown-page"] {
            check(id, None);
        }
    }

    #[test]
    fn an_unknown_code_is_answered_with_the_nearest_and_all() {
        let help = unknown("FP0391").help.unwrap();
        assert!(help.starts_with("FP0"), "{help}");
        assert!(help.contains("\n  FP1001  a page due for review"), "{help}");
    }
}
