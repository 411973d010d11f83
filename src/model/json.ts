/** Plain data: what a plan, a snapshot and a sandbox are made of. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }
