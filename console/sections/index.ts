/** The registry: a section is its folder and its line here. */
export const sectionNames = ['programs', 'members', 'sales', 'terminals'] as const
