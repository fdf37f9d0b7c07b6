// The words that each bundle begins with; `src/theme/bundle.rs` tests that those which a script asks for are there.
declare const words: Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>;
