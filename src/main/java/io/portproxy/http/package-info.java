/**
 * What {@code type: http} adds to an exposed port: each request head in a user's byte stream is found, checked and
 * rewritten; bodies pass as they are. {@link io.portproxy.http.HttpRequestRewriter} is the way in.
 *
 * <h2>Who parses</h2>
 *
 * Jetty's {@code HttpParser} in its strictest mode, one for each message: it frames requests (where a head ends, how
 * long the body is, every chunk) and responses, and refuses what RFC 9112 calls malformed. It is driven incrementally
 * and does no I/O. It hands out values and no positions, trimmed and in part with normalised names, so a head cannot be
 * put together again from its events byte for byte: the head is kept as it came, and once Jetty has accepted it,
 * {@code RequestHead} cuts the lines out of the raw bytes. {@code RequestHead} also holds what Jetty lets pass and we do
 * not: more than one space in the request line, DEL in the target, versions other than 1.0 and 1.1, codings other than
 * {@code chunked}, {@code Transfer-Encoding} in HTTP/1.0, odd characters in {@code Host}, names that some targets read
 * as if they were {@code Content-Length}. A request passes only if both agree to it.
 *
 * <p>A parser lives as long as its message. A new one costs some 20 ns more than a used one, and an idle keep-alive
 * connection then holds none, nor the buffers that it grew for a large head.
 */
@NullMarked
package io.portproxy.http;

import org.jspecify.annotations.NullMarked;
