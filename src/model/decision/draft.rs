//! A decision as it is written in, the decision with all its names settled and the pages of its nodes out.

use std::collections::BTreeMap;

use super::super::reference::{Definition, ReferenceForm, Resolution, Use, Wanted};
use super::super::{Address, ClaimId, Page, PageId, PageKind, Site, TermId, term};
use super::{
    Answer, DECISION_PREFIX, Decision, Effect, GraphSummary, Node, NodeIndex, NodeKind, Outcome, Question, Unsure,
    named,
};
use crate::diagnostic::{Diagnostic, code};
use crate::parse;
use crate::source::{At, Span};
use crate::typography::Typography;

/// A decision while its names are looked up.
pub(super) struct Draft<'a, 'r> {
    site: &'a Site,
    page: PageId,
    written: &'a parse::Decision,
    /// Positions by id; of two nodes with one id, the first.
    ids: BTreeMap<&'a str, NodeIndex>,
    into: &'r mut Resolution,
}

impl<'a, 'r> Draft<'a, 'r> {
    /// Takes stock of the ids of a written decision, whose page this is.
    pub(super) fn new(site: &'a Site, page: PageId, written: &'a parse::Decision, into: &'r mut Resolution) -> Self {
        let mut draft = Self { site, page, written, ids: BTreeMap::new(), into };
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for (id, span) in written.ids() {
            if parse::slug(id) != id || id.is_empty() {
                let finding = Diagnostic::new(&code::BAD_NODE_ID, span, format!("`{id}` cannot be an id"));
                let slug = parse::slug(id);
                draft.into.findings.push(if slug.is_empty() {
                    finding.help("use small letters, digits and hyphens: ids stand in addresses")
                } else {
                    finding.fix("ids stand in addresses: use small letters, digits and hyphens", span, slug)
                });
            }
            if let Some(&first) = first.get(id) {
                let message = format!("`{id}` is the id of a question and of an outcome");
                let finding = Diagnostic::new(&code::BAD_NODE_ID, span, message).also(first, "the question");
                draft
                    .into
                    .findings
                    .push(finding.help("give one of them another id, and change the answers that mean it"));
            } else {
                first.insert(id, span);
                draft.ids.insert(id, draft.ids.len());
            }
        }
        draft
    }

    /// The decision and the pages of its nodes, in their order.
    pub(super) fn finish(mut self) -> (Decision, Vec<Page>) {
        let mut nodes = Vec::new();
        for question in &self.written.questions {
            nodes.push(self.question(question, nodes.len()));
        }
        for outcome in &self.written.outcomes {
            // A second node of one id has been reported and has no address.
            if self.ids.get(outcome.id.value.as_str()) == Some(&nodes.len()) {
                nodes.push(self.outcome(outcome, nodes.len()));
            }
        }
        let debate = self.written.debate.as_ref();
        let debate = debate.and_then(|name| self.page_named(name, ReferenceForm::Debate.on(self.page)));
        let start = self.start();
        let pages = nodes.iter().enumerate().map(|(at, node)| self.page_of(at, node)).collect();
        let mut decision = Decision {
            page: self.page,
            audience: self.set(self.written.audience.as_ref()),
            start,
            debate,
            distinct: nodes.len() == self.written.ids().count(),
            nodes,
            tests: self.written.tests.clone(),
            summary: GraphSummary::default(),
        };
        decision.summary = GraphSummary::of(&decision, |page| self.site[page].terms.as_slice());
        (decision, pages)
    }

    /// The first question.
    fn start(&mut self) -> Option<NodeIndex> {
        let name = self.written.start.as_ref()?;
        let questions = self.written.questions.len();
        let found = self.ids.get(name.value.as_str()).copied().filter(|&at| at < questions);
        let decision = self.decision();
        let found = found.ok_or(Wanted::Start(decision));
        self.into.record(name, ReferenceForm::Start.on(self.page), found, |&at| Definition::Node(decision, at))
    }

    fn question(&mut self, written: &parse::Question, at: NodeIndex) -> Node {
        let page = self.node_page(at);
        let mut lost = !written.whole;
        let mut answers = Vec::new();
        for answer in &written.answers {
            let tags = self.terms(&answer.tags, ReferenceForm::AnswerTag.on(page));
            let Some(to) = self.target(&answer.to, page) else {
                lost = true;
                continue;
            };
            answers.push(Answer {
                id: answer.id.value.clone(),
                label: self.typography().set(&answer.label.value).into_owned(),
                hint: self.set(answer.hint.as_ref()),
                to,
                span: answer.to.span,
                tags,
                aliases: answer.aliases.iter().map(|alias| alias.value.clone()).collect(),
            });
        }
        let unsure = written.unsure.as_ref().and_then(|unsure| {
            let to = self.target(&unsure.to, page);
            lost |= to.is_none();
            Some(Unsure { guidance: self.set(unsure.guidance.as_ref()), to: to?, span: unsure.to.span })
        });
        let ask = self.set(written.ask.as_ref()).unwrap_or_else(|| written.id.value.clone());
        let kind = NodeKind::Question(Question { ask, why: self.set(written.why.as_ref()), answers, unsure, lost });
        self.node(at, &written.id, written.page.as_ref(), &written.claims, kind)
    }

    fn outcome(&mut self, written: &parse::Outcome, at: NodeIndex) -> Node {
        let page = self.node_page(at);
        let kind = NodeKind::Outcome(Outcome {
            title: self.set(written.title.as_ref()).unwrap_or_else(|| written.id.value.clone()),
            verdict: written.verdict,
            advice: self.set(written.advice.as_ref()),
            against: self.claims(&written.against, ReferenceForm::Against.on(page)),
            benefits: written.benefits.iter().map(|effect| self.effect(effect, page)).collect(),
            risks: written.risks.iter().map(|effect| self.effect(effect, page)).collect(),
            next: written.next.iter().filter_map(|name| self.next(name, page)).collect(),
        });
        self.node(at, &written.id, written.page.as_ref(), &written.claims, kind)
    }

    fn node(
        &mut self,
        at: NodeIndex,
        id: &At<String>,
        explains: Option<&At<String>>,
        claims: &[At<String>],
        kind: NodeKind,
    ) -> Node {
        let page = self.node_page(at);
        Node {
            id: id.value.clone(),
            span: id.span,
            page,
            explains: explains.and_then(|name| self.page_named(name, ReferenceForm::NodePage.on(page))),
            claims: self.claims(claims, ReferenceForm::NodeClaim.on(page)),
            kind,
        }
    }

    fn typography(&self) -> Typography {
        self.site.config.typography
    }

    fn set(&self, text: Option<&String>) -> Option<String> {
        self.typography().set_some(text)
    }

    /// The position of the decision among all.
    fn decision(&self) -> usize {
        let PageKind::Decision(decision) = self.site[self.page].kind else {
            unreachable!("the kinds of all decisions are settled before their nodes")
        };
        decision
    }

    /// The page that the node at this position will have.
    fn node_page(&self, at: NodeIndex) -> PageId {
        PageId(self.site.pages.len() + at)
    }

    /// The page of a node, which begins with its own text.
    fn page_of(&self, at: NodeIndex, node: &Node) -> Page {
        let decision = self.decision();
        let (kind, title, summary) = match &node.kind {
            NodeKind::Question(question) => (PageKind::Question { decision, node: at }, &question.ask, &question.why),
            NodeKind::Outcome(outcome) => (PageKind::Outcome { decision, node: at }, &outcome.title, &outcome.advice),
        };
        // An id that cannot stand in an address has been reported; its page gets a place all the same.
        let id = Some(parse::slug(&node.id)).filter(|id| !id.is_empty()).unwrap_or_else(|| at.to_string());
        let above = self.site[self.page].address.as_str();
        let address = Address::of_parts(above.split('/').chain([id.as_str()]));
        let mut page = Page::listing(kind, address, title);
        page.summary.clone_from(summary);
        page.updated.clone_from(&self.site[self.page].updated);
        page
    }

    /// The node that an answer leads to.
    fn target(&mut self, name: &At<String>, page: PageId) -> Option<NodeIndex> {
        let decision = self.decision();
        let found = self.ids.get(name.value.as_str()).copied().ok_or(Wanted::Node(decision));
        self.into.record(name, ReferenceForm::Answer.on(page), found, |&at| Definition::Node(decision, at))
    }

    fn effect(&mut self, written: &parse::Effect, page: PageId) -> Effect {
        let of = ReferenceForm::EffectTerm.on(page);
        let term = written.term.as_ref();
        let term = term.and_then(|name| Some(At::new(term::named(self.site, name, of, self.into)?, name.span)));
        let mitigate = written.mitigate.as_ref();
        let mitigate = mitigate.and_then(|name| self.page_named(name, ReferenceForm::Mitigation.on(page)));
        Effect { term, text: self.typography().set(&written.text).into_owned(), mitigate }
    }

    fn next(&mut self, name: &At<String>, page: PageId) -> Option<PageId> {
        let of = ReferenceForm::Next.on(page);
        if name.value.starts_with(DECISION_PREFIX) {
            return named(self.site, name, of, self.into).map(|at| self.site.decision_pages[at]);
        }
        self.page_named(name, of)
    }

    fn page_named(&mut self, name: &At<String>, of: Use) -> Option<PageId> {
        self.site.names.page(name, of, self.into)
    }

    fn terms(&mut self, names: &[At<String>], of: Use) -> Vec<TermId> {
        names.iter().filter_map(|name| term::named(self.site, name, of, self.into)).collect()
    }

    fn claims(&mut self, ids: &[At<String>], of: Use) -> Vec<ClaimId> {
        ids.iter().filter_map(|id| self.site.evidence.claim_named(id, of, self.into)).collect()
    }
}
