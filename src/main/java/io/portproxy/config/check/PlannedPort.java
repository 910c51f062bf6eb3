package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.properties.PortType;
import java.net.InetSocketAddress;

/**
 * One exposed port, for the log and for messages.
 *
 * @param place where {@code bind} was written
 * @param remoteName whose port this is
 * @param type what is exposed
 * @param bind where users connect
 * @param target where the remote takes them
 */
public record PlannedPort(Place place, String remoteName, PortType type, InetSocketAddress bind, Target target) {}
