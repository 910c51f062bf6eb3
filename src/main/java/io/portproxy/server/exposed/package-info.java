/**
 * The addresses that the proxy server exposes, and users' connections to them until they are streams of a tunnel: accepting them,
 * finding out who the user is and what is asked for, and where that leads.
 */
@NullMarked
package io.portproxy.server.exposed;

import org.jspecify.annotations.NullMarked;
