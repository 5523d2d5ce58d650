/** One thing that was checked of one program. */
export interface Verified {
  readonly programId: number
  readonly name: string
  readonly checked: number
  readonly wrong: number
}
