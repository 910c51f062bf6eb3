package io.portproxy.config.check;

import io.portproxy.config.properties.PortType;
import java.net.InetSocketAddress;

/**
 * One exposed port, for the log and for messages.
 *
 * @param property the property that {@code bind} was written in
 * @param remoteName whose port this is
 * @param type what is exposed
 * @param bind where users connect
 * @param target where the remote takes them
 */
public record PlannedPort(
        String property, String remoteName, PortType type, InetSocketAddress bind, TargetAddress target) {}
