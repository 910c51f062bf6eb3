package io.portproxy.server;

import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.Route;

/** A host of a remote, and where it leads. */
record Hosted(HostSettings settings, Route route) {}
