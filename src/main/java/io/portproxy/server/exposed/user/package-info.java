/**
 * The connections of users until these are streams of a tunnel: who the user is, what the user asks for, and what the
 * server itself answers. The package knows neither ports nor gateways nor routes.
 */
@NullMarked
package io.portproxy.server.exposed.user;

import org.jspecify.annotations.NullMarked;
