package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.ApiToken;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.StoredUser;
import io.portproxy.protocol.TokenVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file with everything that a start needs from the database, for a start without the database. The file contains JSON, and
 * before it the SHA-256 of the JSON. A new file replaces the old one completely or not at all.
 */
final class Snapshot {
    private static final String NAME = "snapshot.json";
    private static final String UNFINISHED = "snapshot-new.json";
    private static final int VERSION = 7;

    /**
     * The oldest version that this program reads. It lacks some data, and differs in other ways only in what {@link EarlierHttp}
     * reads.
     */
    private static final int OLDEST_VERSION = 2;

    private static final long MOST_BYTES = 256L << 20;
    private static final Pattern HEAD =
            Pattern.compile("\\{\"version\":(\\d{1,9}),\"sha256\":\"([0-9a-f]{64})\",\"(?:content|remotes)\":");
    private static final String END = "}\n";
    private static final int HEAD_LENGTH = 128; // long enough for HEAD
    private static final JsonMapper JSON = StoreJson.MAPPER;

    private final Path folder;

    /** @param folder the folder of the file */
    Snapshot(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    Path path() {
        return folder.resolve(NAME);
    }

    boolean exists() {
        return Files.exists(path());
    }

    /** Thrown if a snapshot cannot be used. The message says why. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** @param gateways null in older versions */
    private record Body(
            @Nullable List<GatewayDefinition> gateways,
            List<Remote> remotes,
            List<User> users,
            List<AdminToken> tokens) {
        static Body of(Content content) {
            return new Body(
                    content.gateways(),
                    content.remotes().stream().map(Remote::of).toList(),
                    content.accounts().users().stream().map(User::of).toList(),
                    content.accounts().tokens().stream().map(AdminToken::of).toList());
        }

        Content content() {
            return new Content(
                    gateways == null ? List.of() : gateways,
                    remotes.stream().map(Remote::remote).toList(),
                    new Accounts(
                            users.stream().map(User::user).toList(),
                            tokens.stream().map(AdminToken::token).toList()));
        }
    }

    /** @param password the hash of the password */
    private record User(String name, String role, String password, Instant created) {
        static User of(StoredUser user) {
            return new User(user.name(), user.role(), user.password(), user.created());
        }

        StoredUser user() {
            return new StoredUser(name, role, password, created);
        }
    }

    private record AdminToken(
            String id,
            String label,
            String role,
            String sha256,
            Instant created,
            @Nullable Instant expires) {
        static AdminToken of(ApiToken token) {
            return new AdminToken(
                    token.id(),
                    token.label(),
                    token.role(),
                    token.sha256(),
                    token.created(),
                    token.expires().orElse(null));
        }

        ApiToken token() {
            return new ApiToken(id, label, role, sha256, created, Optional.ofNullable(expires));
        }
    }

    private record Remote(RemoteDefinition definition, List<Token> tokens) {
        static Remote of(StoredRemote remote) {
            return new Remote(
                    remote.definition(), remote.tokens().stream().map(Token::of).toList());
        }

        StoredRemote remote() {
            return new StoredRemote(
                    definition, tokens.stream().map(Token::token).toList());
        }
    }

    private record Token(
            String id,
            String label,
            String storedKey,
            String serverKey,
            Instant created,
            @Nullable Instant expires) {
        static Token of(RemoteToken token) {
            HexFormat hex = HexFormat.of();
            return new Token(
                    token.id(),
                    token.label(),
                    hex.formatHex(token.verifier().storedKey()),
                    hex.formatHex(token.verifier().serverKey()),
                    token.created(),
                    token.expires().orElse(null));
        }

        RemoteToken token() {
            HexFormat hex = HexFormat.of();
            return new RemoteToken(
                    id,
                    label,
                    TokenVerifier.of(hex.parseHex(storedKey), hex.parseHex(serverKey)),
                    created,
                    Optional.ofNullable(expires));
        }
    }

    /** Replaces the file, and waits until it is on the disk. */
    void write(Content content) throws IOException {
        byte[] body = JSON.writeValueAsBytes(Body.of(content));
        String head = "{\"version\":" + VERSION + ",\"sha256\":\"" + sha256(body) + "\",\"content\":";
        Path unfinished = folder.resolve(UNFINISHED);
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished);
        DataFolder.makePrivate(unfinished); // while it is still empty
        try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            writeAll(file, head.getBytes(StandardCharsets.US_ASCII));
            writeAll(file, body);
            writeAll(file, END.getBytes(StandardCharsets.US_ASCII));
            file.force(true);
        }
        Files.move(unfinished, path(), StandardCopyOption.ATOMIC_MOVE);
        DataFolder.sync(folder);
    }

    private static void writeAll(FileChannel file, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    /**
     * Reads the file.
     *
     * @throws UnusableException the file has changed since it was written, or cannot be read
     */
    Content read() throws UnusableException {
        byte[] bytes = bytes();
        Matcher head =
                HEAD.matcher(new String(bytes, 0, Math.min(bytes.length, HEAD_LENGTH), StandardCharsets.ISO_8859_1));
        if (!head.lookingAt() || bytes.length < head.end() + END.length()) {
            throw new UnusableException("it is not a snapshot, or not all of one");
        }
        byte[] body = Arrays.copyOfRange(bytes, head.end(), bytes.length - END.length());
        if (!sha256(body).equals(head.group(2))) {
            throw new UnusableException("its checksum is wrong: it has been changed or damaged");
        }
        int version = Integer.parseInt(head.group(1));
        if (version < OLDEST_VERSION || version > VERSION) {
            throw new UnusableException("another version of PortProxy has written it");
        }
        try {
            return JSON.treeToValue(EarlierHttp.ofSnapshot(JSON.readTree(body)), Body.class)
                    .content();
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new UnusableException("what is in it cannot be understood"); // the cause would quote the content
        }
    }

    private byte[] bytes() throws UnusableException {
        try {
            if (Files.size(path()) > MOST_BYTES) {
                throw new UnusableException("it is longer than " + MOST_BYTES + " bytes");
            }
            return Files.readAllBytes(path());
        } catch (IOException e) {
            throw new UnusableException("it cannot be read: " + e.getMessage());
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
