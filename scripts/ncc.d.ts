/** What we use of ncc's programming interface; the package brings no types. */
declare module '@vercel/ncc' {
  export interface BundledModule {
    readonly resource?: string;
    /** The modules a concatenated one consists of. */
    readonly modules?: Iterable<BundledModule>;
  }
  export interface Bundle {
    readonly code: string;
    readonly assets: Readonly<Record<string, { readonly source: string | Uint8Array }>>;
    readonly stats: { readonly compilation: { readonly modules: Iterable<BundledModule> } };
  }
  const ncc: (
    entry: string,
    options: { readonly cache: false; readonly quiet: boolean; readonly minify: false; readonly sourceMap: false }
  ) => Promise<Bundle>;
  export default ncc;
}
