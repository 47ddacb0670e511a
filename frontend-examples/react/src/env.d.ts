interface ImportMetaEnv {
  /** Where the service is, when the page is served from another origin. */
  readonly VITE_SECRETARY_URL?: string;
}
