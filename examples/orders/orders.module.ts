import { Body, Controller, Get, Injectable, Module, Param, Post } from '@nestjs/common';
import { Length, IsString } from 'class-validator';
import {
  AppError,
  type DomainEvent,
  IsPhoneNumberE164,
  MessageSent,
  OnDomainEvent,
  RequirePermissions,
  WhatsAppModule,
  WhatsAppService,
} from 'waypost';

class PlaceOrderRequest {
  @IsPhoneNumberE164()
  readonly phone!: string;

  @IsString()
  @Length(1, 200)
  readonly item!: string;
}

interface Order {
  readonly id: string;
  readonly item: string;
  /** Null while WhatsApp does not have the confirmation. */
  readonly confirmedAt: string | null;
}

interface StoredOrder {
  readonly id: string;
  readonly item: string;
  readonly messageId: string;
}

class OrderNotFoundError extends AppError {
  readonly code = 'order-not-found';
  readonly kind = 'not-found';
}

/** A shop that keeps its orders in memory: what matters here is how it speaks and listens. */
@Injectable()
class OrdersService {
  private readonly orders: StoredOrder[] = [];
  /** By the id of the message. The event may be told before the call returns. */
  private readonly sentAt = new Map<string, string>();

  constructor(private readonly whatsapp: WhatsAppService) {}

  async place(phone: string, item: string): Promise<Order> {
    const { messageId } = await this.whatsapp.sendMessage(phone, `Your order is on its way: ${item}.`);
    const id = String(this.orders.push({ id: String(this.orders.length + 1), item, messageId }));
    return this.get(id);
  }

  get(id: string): Order {
    const order = this.orders.find((candidate) => candidate.id === id);
    if (order === undefined) throw new OrderNotFoundError('There is no such order.');
    return { id, item: order.item, confirmedAt: this.sentAt.get(order.messageId) ?? null };
  }

  @OnDomainEvent(MessageSent)
  onSent({ data, timestamp }: DomainEvent<typeof MessageSent>): void {
    this.sentAt.set(data.messageId, timestamp);
  }
}

/** Each route states who may call it; one that does not is refused to everybody. */
@Controller('orders')
@RequirePermissions('messages:send')
class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  place(@Body() { phone, item }: PlaceOrderRequest): Promise<Order> {
    return this.orders.place(phone, item);
  }

  @Get(':id')
  get(@Param('id') id: string): Order {
    return this.orders.get(id);
  }
}

@Module({ imports: [WhatsAppModule], controllers: [OrdersController], providers: [OrdersService] })
export class OrdersModule {}
