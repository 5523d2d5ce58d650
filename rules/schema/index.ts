export const ruleSchema = {} as const
