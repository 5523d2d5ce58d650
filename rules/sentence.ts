import type { Rule } from './rule.ts'

/** Names of what a rule refers to by code; the code itself is shown where a name is missing. */
export type Names = Readonly<Record<string, string>>

/** A rule's face is its sentence: plain words for people. */
export const sentence = (rule: Rule, _language: 'pl' | 'en' | 'ro', _names: Names = {}): string => rule.name
