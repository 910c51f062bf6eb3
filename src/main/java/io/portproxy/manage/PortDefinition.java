package io.portproxy.manage;

import io.portproxy.net.UnixBind;
import io.portproxy.net.UnixPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exposed port as a person describes it: nothing in it is resolved, nor need it be right.
 *
 * @param name what it is called, once in its remote
 * @param enabled whether users are carried; otherwise the address stays bound and they are reset
 * @param type {@code tcp}, {@code http} or {@code udp}
 * @param bind where users connect, {@code host:port}, or a port alone for 127.0.0.1; the port may be a range; or a unix socket
 * @param remote the target as the remote sees it, a port, {@code host:port} or a unix socket; a range where {@code bind} is one
 * @param http what is done with requests and answers
 * @param users what is done with users who connect
 * @param udp what else is done with datagrams
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

    /** What a port is called that has no name. The path of a unix socket has - for each character that a name cannot have. */
    public static String nameOf(String type, String bind) {
        if (UnixPath.isWritten(bind)) {
            return UnixBind.path(bind).replaceAll("^/+", "").replaceAll("[/;%]+", "-");
        }
        return type.equals("udp") ? bind + "-udp" : bind;
    }

    /** One with which nothing else is done. */
    public PortDefinition(String name, boolean enabled, String type, String bind, String remote) {
        this(name, enabled, type, bind, remote, HttpDefinition.NONE, UsersDefinition.NONE, UdpDefinition.NONE);
    }

    /** How many ports there are: more than one if {@code bind} ends with a range. One that is wrong is refused elsewhere. */
    public int count() {
        Matcher range = RANGE.matcher(bind);
        return range.find() ? Math.max(1, Integer.parseInt(range.group(2)) - Integer.parseInt(range.group(1)) + 1) : 1;
    }

    /** The same, where something else is done with requests and answers. */
    public PortDefinition withHttp(HttpDefinition other) {
        return new PortDefinition(name, enabled, type, bind, remote, other, users, udp);
    }

    /** The same, with other users. */
    public PortDefinition withUsers(UsersDefinition other) {
        return new PortDefinition(name, enabled, type, bind, remote, http, other, udp);
    }

    /** The same, with {@link HttpDefinition#HIDDEN} for each secret. */
    public PortDefinition withoutSecrets() {
        return withHttp(http.withoutSecrets());
    }
}
