package io.portproxy.http;

import java.net.InetAddress;
import java.net.SocketAddress;

/**
 * The origin of the requests on one connection.
 *
 * @param exposed the address that the user connected to
 * @param user the user's address
 * @param secure whether the requests came inside TLS that ended here
 */
public record HttpOrigin(SocketAddress exposed, InetAddress user, boolean secure) {}
