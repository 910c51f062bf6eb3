/**
 * The HTTP part of an exposed port of {@code type: http}. It finds, checks and rewrites each request head in a user's
 * byte stream. Bodies pass as they are. Start with {@link io.portproxy.http.HttpRequestRewriter}.
 *
 * <h2>Who parses</h2>
 *
 * Jetty's {@code HttpParser} parses, in its strictest mode, with one parser for each message. It frames requests (where
 * a head ends, how long the body is, every chunk) and responses, and refuses what RFC 9112 calls malformed. It works
 * incrementally and does no I/O. Its events contain values but no positions. The values are trimmed, and some names are
 * normalised. So a head cannot be rebuilt byte for byte from the events. PortProxy therefore keeps the head as it came.
 * Once Jetty has accepted the head, {@code RequestHead} splits the raw bytes into lines.
 *
 * <p>{@code RequestHead} also refuses what Jetty allows and PortProxy does not: more than one space in the request
 * line, DEL in the target, versions other than 1.0 and 1.1, codings other than {@code chunked},
 * {@code Transfer-Encoding} in HTTP/1.0, unusual characters in {@code Host}, and names that some targets read as
 * {@code Content-Length}. A request passes only if both accept it.
 *
 * <p>A parser lives as long as its message. A new one costs about 20 ns more than a used one. In return, an idle
 * keep-alive connection holds no parser, nor the buffers that a parser grew for a large head.
 */
@NullMarked
package io.portproxy.http;

import org.jspecify.annotations.NullMarked;
