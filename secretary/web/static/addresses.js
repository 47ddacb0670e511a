// Where things are, seen from the page: also right when a proxy serves the service beneath another path.

/** The address of a path of this server, such as `/graphql` or the `url` of a produced file. */
export function addressOf(path) {
  return new URL(path.replace(/^\//, ""), new URL(".", document.baseURI));
}

/** The same for a socket. */
export function socketAddressOf(path) {
  const address = addressOf(path);
  address.protocol = address.protocol.replace("http", "ws");
  return address;
}
