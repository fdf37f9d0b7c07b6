use super::view::View; use crate::output::*; pub(super) fn index(_v:&View<'_>)->Output{Output{path:"x".into(),body:Body::Bytes(vec![])}} pub(super) fn full(_v:&View<'_>)->Option<Output>{None}
