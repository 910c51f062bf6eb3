package io.portproxy.config;

import java.net.InetSocketAddress;

/**
 * One exposed port, for the log and for messages.
 *
 * @param property the property that {@code bind} was written in
 * @param remoteName whose port this is
 * @param type what is exposed
 * @param bind where users connect
 * @param targetPort the target's port on the remote
 */
record PlannedPort(String property, String remoteName, PortType type, InetSocketAddress bind, int targetPort) {}
