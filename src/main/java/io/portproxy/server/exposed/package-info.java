/**
 * The addresses that the proxy server exposes, and the routes from them to the targets of remotes. {@code user} has the
 * connections of users until these are streams of a tunnel, and {@code gateway} has the addresses with many hosts.
 */
@NullMarked
package io.portproxy.server.exposed;

import org.jspecify.annotations.NullMarked;
