package io.portproxy.manage;

import io.portproxy.net.UnixBind;
import io.portproxy.net.UnixPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exposed port, as an operator configures it. Names in it are not resolved, and the values are not checked.
 *
 * @param name identifies the port within its remote
 * @param enabled whether users are served; if not, the address stays bound, and users' connections are reset
 * @param type {@code tcp}, {@code http} or {@code udp}
 * @param bind where users connect: {@code host:port}, a port alone for 127.0.0.1, or a unix socket; the port may be a range
 * @param remote the target as the remote sees it: a port, {@code host:port} or a unix socket; a range if {@code bind} is one
 * @param http how requests and answers are handled
 * @param users how users who connect are handled
 * @param udp how datagrams are handled
 */
public record PortDefinition(
        String name,
        boolean enabled,
        String type,
        String bind,
        String remote,
        HttpDefinition http,
        UsersDefinition users,
        UdpDefinition udp) {

    private static final Pattern RANGE = Pattern.compile("(?:^|:)([0-9]{1,5})-([0-9]{1,5})$");

    public PortDefinition {
        http = http == null ? HttpDefinition.NONE : http;
        users = users == null ? UsersDefinition.NONE : users;
        udp = udp == null ? UdpDefinition.NONE : udp;
    }

    /**
     * Returns the name of a port that has no name of its own. In the path of a unix socket, characters that a name cannot have become
     * {@code -}.
     */
    public static String nameOf(String type, String bind) {
        if (UnixPath.isWritten(bind)) {
            return UnixBind.path(bind).replaceAll("^/+", "").replaceAll("[/;%]+", "-");
        }
        return type.equals("udp") ? bind + "-udp" : bind;
    }

    /** A port with the defaults for {@link #http}, {@link #users} and {@link #udp}. */
    public PortDefinition(String name, boolean enabled, String type, String bind, String remote) {
        this(name, enabled, type, bind, remote, HttpDefinition.NONE, UsersDefinition.NONE, UdpDefinition.NONE);
    }

    /** Returns the number of ports: more than one if {@code bind} ends with a range. Does not check the range. */
    public int count() {
        Matcher range = RANGE.matcher(bind);
        return range.find() ? Math.max(1, Integer.parseInt(range.group(2)) - Integer.parseInt(range.group(1)) + 1) : 1;
    }

    /** Returns a copy with another {@link #http}. */
    public PortDefinition withHttp(HttpDefinition other) {
        return new PortDefinition(name, enabled, type, bind, remote, other, users, udp);
    }

    /** Returns a copy with another {@link #users}. */
    public PortDefinition withUsers(UsersDefinition other) {
        return new PortDefinition(name, enabled, type, bind, remote, http, other, udp);
    }

    /** Returns a copy with {@link HttpDefinition#HIDDEN} in place of each secret. */
    public PortDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }
}
