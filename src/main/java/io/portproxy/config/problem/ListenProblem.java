package io.portproxy.config.problem;

import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;

/** Converts an address on which the server could not listen into a problem at the place of that address. */
public final class ListenProblem {
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private ListenProblem() {}

    /**
     * Returns the problem: what the operating system refused, and what to do.
     *
     * @param values finds the value at the place
     * @param place the place of the address
     * @param failure the failed attempt to listen
     */
    public static Problem of(WrittenValues values, Place place, ListenException failure) {
        SocketAddress address = failure.address();
        int port = address instanceof InetSocketAddress ip ? ip.getPort() : FIRST_UNPRIVILEGED_PORT;
        String cause = String.valueOf(
                failure.getCause() == null ? failure : failure.getCause().getMessage());
        String lower = cause.toLowerCase(Locale.ROOT);
        String reason = "cannot be listened on: " + cause;
        String fix = "write another address, or find out what the operating system means";
        if (lower.startsWith("granted to")) {
            reason = "is " + cause + ", which has asked for it";
            fix = "write another port, or one outside of what is granted";
        } else if (lower.startsWith("listened on by")) {
            reason = "is " + cause + " of this server now";
            fix = "make two changes: first remove that one, then make this change; or restart the server";
        } else if (address instanceof UnixDomainSocketAddress) {
            return Problem.of(values, place, Sockets.text(address), unixReason(lower, cause), unixFix(lower))
                    .passing();
        } else if (lower.contains("in use")) {
            reason = "is in use: another program listens on port " + port;
            fix = "stop that program (ss -ltnp names it), or write another port";
        } else if (lower.contains("cannot assign") || lower.contains("not available")) {
            reason = "is not an address of this machine";
            fix = "write one of this machine's addresses, 127.0.0.1 for this machine alone, or 0.0.0.0 for all of them";
        } else if (lower.contains("permission denied") && port < FIRST_UNPRIVILEGED_PORT) {
            reason = "is not permitted: ports below " + FIRST_UNPRIVILEGED_PORT + " need a privilege";
            fix = "write a port from " + FIRST_UNPRIVILEGED_PORT
                    + " on, or give the process the capability CAP_NET_BIND_SERVICE";
        }
        return Problem.of(values, place, Sockets.text(address), reason, fix).passing();
    }

    private static String unixReason(String lower, String cause) {
        if (lower.contains("in use")) {
            return "is in use: another program listens at this socket";
        } else if (lower.contains("no such file")) {
            return "is in a folder that does not exist";
        } else if (lower.contains("permission denied")) {
            return "is in a folder to which this process may not write";
        } else if (lower.contains("no socket")) {
            return "is the path of a file that is not a socket";
        }
        return "cannot be listened at: " + cause;
    }

    private static String unixFix(String lower) {
        if (lower.contains("in use")) {
            return "stop that program (ss -lxp names it), or write another path";
        } else if (lower.contains("no such file")) {
            return "create the folder, or write another path";
        } else if (lower.contains("permission denied")) {
            return "give the user that this process runs as the right to write to the folder, or write another path";
        } else if (lower.contains("no socket")) {
            return "remove the file, or write another path";
        }
        return "write another path, or find out what the operating system means";
    }
}
