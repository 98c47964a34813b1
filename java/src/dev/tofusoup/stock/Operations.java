package dev.tofusoup.stock;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.calls.Calls;
import dev.tofusoup.stock.options.Arguments;
import dev.tofusoup.stock.options.ClientOptions.Operate;
import dev.tofusoup.stock.options.UsageException;
import dev.tofusoup.stock.options.Words;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tofusoup.stock.BatchItem;
import tofusoup.stock.BatchSummary;
import tofusoup.stock.InventoryStatus;
import tofusoup.stock.TradeOrder;

/** The operations of stock_client. */
final class Operations {
  private Operations() {}

  /** An operation with its arguments understood: all that is left is to call and to print. */
  @FunctionalInterface
  interface Run {
    /** Calls and prints; false for a server that does not serve. */
    boolean on(Channel channel, Streams streams);
  }

  /** Work that always ends well, or with an exception. */
  @FunctionalInterface
  private interface Work {
    void on(Calls calls, Streams streams);
  }

  /** Understands the arguments of an operation, reading those that standard input holds. */
  static Run prepare(Operate options, InputStream input) throws UsageException, IOException {
    Work work = work(options, input);
    if (work == null) {
      String service = first(options.arguments());
      return (channel, streams) -> {
        ServingStatus status = calls(channel, options).health(service);
        streams.print(status + "\n");
        return status == ServingStatus.SERVING;
      };
    }
    return (channel, streams) -> {
      work.on(calls(channel, options), streams);
      return true;
    };
  }

  private static Calls calls(Channel channel, Operate options) {
    return new Calls(channel, options.timeout());
  }

  private static Work work(Operate options, InputStream input) throws UsageException, IOException {
    List<String> arguments = options.arguments();
    String first = first(arguments);
    return switch (options.operation()) {
      case GET -> (calls, streams) -> streams.write(Lines.value(calls.get(first)));
      case KV_GET -> (calls, streams) -> streams.write(Lines.value(calls.kvGet(first)));
      case PUT -> {
        ByteString value = value(arguments.get(1), input);
        yield (calls, streams) -> {
          calls.put(first, value);
          streams.print("OK\n");
        };
      }
      case KV_PUT -> {
        ByteString value = value(arguments.get(1), input);
        yield (calls, streams) -> {
          calls.kvPut(first, value);
          streams.print("OK\n");
        };
      }
      case DELETE ->
          (calls, streams) -> {
            calls.delete(first);
            streams.print("OK\n");
          };
      case MONITOR -> monitor(first, options.count());
      case BATCH -> batch(arguments, input);
      case TRADE -> trade(arguments);
      case INVENTORY -> (calls, streams) -> streams.print(lines(calls.inventory()));
      case HEALTH -> null;
    };
  }

  private static String first(List<String> arguments) {
    return arguments.isEmpty() ? "" : Words.text(arguments.get(0));
  }

  private static ByteString value(String word, InputStream input) throws IOException {
    return ByteString.copyFrom(word.equals("-") ? input.readAllBytes() : Words.bytes(word));
  }

  private static Work monitor(String prefix, long count) {
    String cut = prefix.endsWith("*") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return (calls, streams) -> {
      try (var events = calls.monitor(cut)) {
        long printed = 0;
        while (events.hasNext()) {
          streams.print(Lines.event(events.next()));
          printed++;
          if (printed == count) {
            return;
          }
        }
      }
    };
  }

  private static Work batch(List<String> arguments, InputStream input)
      throws UsageException, IOException {
    List<String> words = arguments;
    if (words.isEmpty()) {
      String all = new String(input.readAllBytes(), ISO_8859_1);
      words = all.lines().filter(line -> !line.isBlank()).toList();
    }
    List<BatchItem> items = new ArrayList<>();
    for (String word : words) {
      Arguments.Item item = Arguments.item(word);
      items.add(BatchItem.newBuilder().setKey(item.key()).setValue(item.value()).build());
    }
    return (calls, streams) -> {
      BatchSummary summary = calls.batch(items);
      streams.print(
          "total=%d successful=%d failed=%d bytes=%d\n"
              .formatted(
                  summary.getTotalItems(),
                  summary.getSuccessful(),
                  summary.getFailed(),
                  summary.getBytesWritten()));
    };
  }

  private static Work trade(List<String> arguments) throws UsageException {
    List<TradeOrder> orders = new ArrayList<>();
    for (String argument : arguments) {
      Arguments.Order order = Arguments.order(argument);
      orders.add(
          TradeOrder.newBuilder()
              .setType(TradeOrder.OrderType.valueOf(order.kind().name()))
              .setSymbol(order.symbol())
              .setQuantity(order.quantity())
              .build());
    }
    return (calls, streams) -> {
      try (var fills = calls.trade(orders)) {
        while (fills.hasNext()) {
          streams.print(Lines.fill(fills.next()));
        }
      }
    };
  }

  private static String lines(InventoryStatus status) {
    StringBuilder out = new StringBuilder();
    out.append("items=%d\n".formatted(status.getTotalItems()));
    out.append("bytes=%d\n".formatted(status.getTotalBytes()));
    out.append("uptime_seconds=%d\n".formatted(status.getUptimeSeconds()));
    out.append("server_version=%s\n".formatted(Lines.oneLine(status.getServerVersion())));
    new TreeMap<>(status.getMetadataMap())
        .forEach(
            (key, value) ->
                out.append("metadata.%s=%s\n".formatted(Lines.oneLine(key), Lines.oneLine(value))));
    return out.toString();
  }
}
