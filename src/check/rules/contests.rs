//! A contest is mutual: if one claim contests another, both say so (FP0903).

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Findings, code};
use crate::model::ClaimId;

pub(in crate::check) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let evidence = &subject.site.evidence;
    for (at, claim) in evidence.claims.iter().enumerate() {
        for &(other, span) in &claim.contested_by {
            let other = evidence.claim(other);
            if !other.contested_by.iter().any(|&(back, _)| back == ClaimId(at)) {
                let message = format!("`{}` is contested by `{}`, which does not say so", claim.id, other.id);
                findings.push(
                    Diagnostic::new(&code::ONE_SIDED_CONTEST, span, message)
                        .also(other.span, "declared here")
                        .help(format!("add `{}` to the `contested-by` of `{}`", claim.id, other.id)),
                );
            }
        }
    }
}
