/**
 * The addresses at which users reach many hosts. This package ends the TLS of users, finds the host that a request is
 * for, and forwards the user by the route of that host.
 */
@NullMarked
package io.portproxy.server.exposed.gateway;

import org.jspecify.annotations.NullMarked;
